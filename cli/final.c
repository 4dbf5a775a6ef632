#include "cli/final.h"

#include "base/check.h"
#include "proto/settled.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

struct last {
    struct text value;
    bool is_void;
    UT_hash_handle hh;
    char name[]; /* region, person, subject and its id, so written that bytewise order is the order to print in */
};

struct finals {
    struct last *table;
};

static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

struct finals *finals_new(void)
{
    return calloc(1, sizeof(struct finals));
}

void finals_free(struct finals *finals)
{
    struct last *last, *next;
    if (finals == NULL)
        return;
    HASH_ITER(hh, finals->table, last, next)
    {
        HASH_DEL(finals->table, last);
        free((void *)(uintptr_t)last->value.at);
        free(last);
    }
    free(finals);
}

/* Fields end with a byte below all others, so that a shorter one comes first. */
static char *name_of(const Settled__V1__Settlement *settlement)
{
    char *name;
    int length = asprintf(&name, "%s\x01%s\x01%03d\x01%s", settlement->region, settlement->person_id,
        (int)settlement->subject, settlement->subject_id);
    CHECK(length > 0);
    return name;
}

static struct last *find_or_add(struct finals *finals, const Settled__V1__Settlement *settlement)
{
    struct last *last;
    char *name = name_of(settlement);
    HASH_FIND_STR(finals->table, name, last);
    if (last == NULL) {
        last = must(calloc(1, sizeof *last + strlen(name) + 1));
        strcpy(last->name, name);
        HASH_ADD_STR(finals->table, name, last);
    }
    free(name);
    return last;
}

void finals_note(struct finals *finals, struct text value)
{
    Settled__V1__Settlement *settlement =
        must(settled__v1__settlement__unpack(NULL, value.length, (const uint8_t *)value.at));
    if (settlement->kind != SETTLED__V1__SETTLEMENT__KIND__TRIAL) {
        struct last *last = find_or_add(finals, settlement);
        free((void *)(uintptr_t)last->value.at);
        char *copy = must(malloc(value.length + 1));
        memcpy(copy, value.at, value.length);
        last->value = (struct text){ copy, value.length };
        last->is_void = settlement->kind == SETTLED__V1__SETTLEMENT__KIND__VOID;
    }
    settled__v1__settlement__free_unpacked(settlement, NULL);
}

static int by_name(const struct last *a, const struct last *b)
{
    return strcmp(a->name, b->name);
}

void finals_each(struct finals *finals, finals_visit *visit, void *context)
{
    struct last *last, *next;
    HASH_SORT(finals->table, by_name);
    HASH_ITER(hh, finals->table, last, next)
    if (!last->is_void)
        visit(context, last->value);
}
