/** A store over another one whose values are sealed: who reads the store below, or a backup of it, learns nothing from
 *  them, and what was exchanged between two places or changed by a hand does not open.
 *
 *  XChaCha20-Poly1305 (libsodium), a random nonce per write, bound to partition and key. Around it stands a frame
 *  (state/frame.h) with the name of the key, so that damage is told from a key that is not given. Offsets are not
 *  sealed: they are about nobody.
 *
 *  Reading opens what any key of the file sealed, and hands on unsealed values as they are; writing seals with the
 *  newest key. So a new key, or sealing itself, may be introduced at any time, and takes hold of a value with its next
 *  change. A value under an unknown key is handed on sealed: frame_judge calls it SEALED_STATE. One that is damaged is
 *  handed on as something that no decoder takes. */
#pragma once

#include "state/store.h"

#define SEAL_KEYS_MAX 32
#define SEAL_NAME_SIZE 17
#define SEAL_KEY_SIZE 32

struct seal_key {
    char name[SEAL_NAME_SIZE]; /* 1 to 16 letters, digits, `.`, `_`, `-` */
    uint8_t bytes[SEAL_KEY_SIZE];
};

/** The last one is the newest. None: nothing is sealed. */
struct seal_keys {
    struct seal_key items[SEAL_KEYS_MAX];
    size_t count;
};

/** Reads a key file: a line per key, oldest first, its name, blanks, 64 hexadecimal digits; empty lines and those that
 *  begin with # are passed over. BAD_CONFIG with the line's number in `fault`, and nothing of what stands in it. */
NODISCARD enum status seal_keys_read(struct text file, struct seal_keys *ret_keys, struct fault *fault);

/** Takes over `base`, also when it fails; copies the keys, of which there is at least one. `write_bytes` is more than
 *  all values of one write, sealed, may take (address space, not memory). NULL when out of memory. */
struct store *store_sealed_new(struct store *base, const struct seal_keys *keys, size_t write_bytes);
