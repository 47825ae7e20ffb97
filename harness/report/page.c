// SPDX-License-Identifier: MIT
/// page.c: page/page.html with the rest in the places that it has marked.
#include "harness/report/page.h"

#include "allocators/status.h"
#include "harness/report/page_text.h"

#include <string.h>

#define MARK_STYLE  "<!-- style -->"
#define MARK_DATA   "<!-- data -->"
#define MARK_SCRIPT "<!-- script -->"

/// Writes from `from` up to the mark, and returns what is behind it.
static const char *put_up_to(FILE *file, const char *from, const char *mark)
{
    const char *at = strstr(from, mark);
    HD_ASSERT(at != NULL);
    (void)fwrite(from, 1, (size_t)(at - from), file);
    return at + strlen(mark);
}

void hd_page_begin(FILE *file)
{
    const char *rest = put_up_to(file, hd_page_html, MARK_STYLE);
    (void)fprintf(file, "<style>\n%s</style>", hd_page_style);
    (void)put_up_to(file, rest, MARK_DATA);
}

void hd_page_end(FILE *file)
{
    const char *rest = strstr(hd_page_html, MARK_DATA);
    HD_ASSERT(rest != NULL);
    rest = put_up_to(file, rest + strlen(MARK_DATA), MARK_SCRIPT);
    (void)fprintf(file, "<script>\n%s</script>%s", hd_page_script, rest);
}
