// SPDX-License-Identifier: MIT
/// list_text.c: the list, for a person.
#include "harness/cli/list.h"
#include "harness/compare/compare.h"
#include "harness/tap/tap.h"

#include <stdio.h>
#include <string.h>

static void print_allocators(const struct hd_listed *allocators, size_t count)
{
    int width = 0;
    for (size_t i = 0; i < count; i++)
        if ((int)strlen(allocators[i].name) > width) width = (int)strlen(allocators[i].name);
    (void)printf("allocators\n");
    for (size_t i = 0; i < count; i++) {
        const struct hd_listed *one = &allocators[i];
        (void)printf("  %-*s  %-9s  %s\n", width, one->name, one->found ? "found" : "not found",
                     one->summary);
        if (!one->found) (void)printf("  %*s  %s\n", width, "", one->why_not.text);
    }
}

static void print_way(const struct hd_listed_way *way)
{
    (void)printf("  %-9s  %-12s  %s\n", way->name,
                 way->chosen ? "works (auto)" : way->works ? "works" : "does not", way->summary);
    if (!way->works) (void)printf("  %9s  %s\n", "", way->why_not.text);
}

static void print_oracle(const struct hd_oracle *oracle)
{
    (void)printf("  %-12s  %s\n  %12s  %s\n", oracle->name, oracle->property, "", oracle->rests_on);
}

static void print_operation(const struct hd_op_info *info)
{
    const char *operands[HD_LIST_OPERANDS];
    hd_list_operands(info->operands, operands);
    (void)printf("  %6s %s", (info->operands & HD_RESULT) != 0 ? "SLOT =" : "", info->text);
    for (size_t i = 0; operands[i] != NULL; i++)
        (void)printf(" %s", operands[i]);
    (void)printf("\n");
}

void hd_list_text(const struct hd_listed *allocators, size_t count,
                  const struct hd_listed_way *ways)
{
    print_allocators(allocators, count);
    (void)printf("\ntap\n");
    for (size_t i = 0; i < HD_TAP_WAYS; i++)
        print_way(&ways[i]);
    (void)printf("\noracles\n");
    for (size_t i = 0; i < HD_ORACLES; i++)
        print_oracle(hd_oracles[i]);
    print_oracle(&hd_oracle_differential);
    (void)printf("\noperations\n");
    for (size_t i = 0; i < HD_OP_KINDS; i++)
        print_operation(&hd_op_infos[i]);
}
