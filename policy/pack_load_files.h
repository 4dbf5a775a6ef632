/** The loader's only contact with the disk: which folders hold packs, and the bytes of their files in the order of
 *  their names. Private to the loader. */
#pragma once

#include "policy/pack_load.h"

struct pack_folders {
    const char *root;
    const char *paths[PACK_LIMIT];
    size_t count;
};

struct pack_bytes {
    const char *path;
    const char *at; /* NUL behind it */
    size_t length;
};

struct pack_files {
    const char *folder;
    const char *digest; /* XXH3-128 of names and bytes, 32 hexadecimal digits: the same files, the same digest */
    struct pack_bytes items[PACK_FILE_LIMIT];
    size_t count;
};

/** `folder` itself when it holds a region.yaml, else its subfolders in the order of their names. False after a
 *  problem. */
bool pack_folders_find(
    const char *folder, struct arena *arena, struct pack_report *report, struct pack_folders *ret_folders);

/** All *.yaml files of a pack's folder, in the arena. False after a problem. */
bool pack_files_read(const char *folder, struct arena *arena, struct pack_report *report, struct pack_files *ret_files);
