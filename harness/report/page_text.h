// SPDX-License-Identifier: MIT
/// page_text.h: the files in page/, as embed.cmake writes them into a C file. Each ends with a
/// zero.
#ifndef HD_PAGE_TEXT_H
#define HD_PAGE_TEXT_H

extern const char hd_page_html[];
extern const char hd_page_style[];
extern const char hd_page_script[];

#endif
