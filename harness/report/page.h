// SPDX-License-Identifier: MIT
/// page.h: the page of a report around its data: HTML, style and scripts, which the build puts into
/// the program.
///
///     begin | data: elements `<script type="application/json">` | end
#ifndef HD_PAGE_H
#define HD_PAGE_H

#include <stdio.h>

/// The caller asks ferror.
void hd_page_begin(FILE *file);
void hd_page_end(FILE *file);

#endif
