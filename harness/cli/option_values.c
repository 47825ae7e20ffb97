// SPDX-License-Identifier: MIT
/// option_values.c: numbers, times and names, read strictly.
#include "harness/cli/option_values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

unsigned hd_option_number(const char *text, unsigned long least, unsigned long most,
                          const char *what, const struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long value = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || errno != 0 || value < least ||
        value > most)
        argp_error(state, "%s is a number from %lu to %lu, not '%s'", what, least, most, text);
    return (unsigned)value;
}

double hd_option_duration(const char *text, const struct argp_state *state)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    char *end;
    const double value = strtod(text, &end);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (end != text && strcmp(end, units[i].unit) == 0 && value > 0 && value <= 1e6)
            return value * units[i].seconds;
    argp_error(state, "the time is a number of seconds, or as 90s, 15m, 8h, not '%s'", text);
    return 0;
}

enum hd_tap_way hd_option_tap_way(const char *text, const struct argp_state *state)
{
    enum hd_tap_way way;
    struct hd_message message;
    if (hd_tap_find(text, &way, &message) != HD_OK) argp_error(state, "%s", message.text);
    return way;
}

enum hd_fresh_way hd_option_fresh_way(const char *text, const struct argp_state *state)
{
    enum hd_fresh_way way;
    struct hd_message message;
    if (hd_fresh_find(text, &way, &message) != HD_OK) argp_error(state, "%s", message.text);
    return way;
}
