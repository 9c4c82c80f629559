#include "device.h"

#include <string.h>

#define MAGIC 0x31555141504F5744ull /* "DWOPAQU1" */

enum { BLOCK_WORDS = 512, BLOCK_SIZE = BLOCK_WORDS * 8 };

struct header {
    uint64_t magic;
    uint64_t seed;
    uint64_t size; /* of the whole state */
};

static uint64_t split_mix(uint64_t value)
{
    value += 0x9E3779B97F4A7C15ull;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBull;
    return value ^ (value >> 31);
}

/* Behind the header come blocks of one noise, each with its number mixed in: a block in another's place shows. */
static void make_block(const uint64_t noise[BLOCK_WORDS], uint64_t number, uint64_t block[BLOCK_WORDS])
{
    for (int i = 0; i < BLOCK_WORDS; i++)
        block[i] = noise[i] ^ number * 0x9E3779B97F4A7C15ull;
}

static void make_noise(uint64_t seed, uint64_t noise[BLOCK_WORDS])
{
    for (uint64_t i = 0; i < BLOCK_WORDS; i++)
        noise[i] = split_mix(seed + i);
}

static size_t shorter(size_t a, size_t b)
{
    return a < b ? a : b;
}

void device_save(uint8_t *bytes)
{
    struct header header = { .magic = MAGIC, .seed = 0, .size = DEVICE_STATE_SIZE };
    uint64_t noise[BLOCK_WORDS], block[BLOCK_WORDS], number = 0;
    memcpy(bytes, &header, sizeof header);
    make_noise(header.seed, noise);
    for (size_t at = sizeof header; at < DEVICE_STATE_SIZE; at += BLOCK_SIZE) {
        make_block(noise, number++, block);
        memcpy(bytes + at, block, shorter(DEVICE_STATE_SIZE - at, BLOCK_SIZE));
    }
}

bool device_load(const uint8_t *bytes, size_t size)
{
    struct header header = { 0, 0, 0 };
    uint64_t noise[BLOCK_WORDS], block[BLOCK_WORDS], number = 0;
    memcpy(&header, bytes, shorter(size, sizeof header));
    if (size < sizeof header || header.magic != MAGIC || header.size != size)
        return false;
    make_noise(header.seed, noise);
    for (size_t at = sizeof header; at < size; at += BLOCK_SIZE) {
        make_block(noise, number++, block);
        if (memcmp(bytes + at, block, shorter(size - at, BLOCK_SIZE)) != 0)
            return false;
    }
    return true;
}
