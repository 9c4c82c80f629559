/*
 * A device that is nothing but its state: so many bytes that derive from a seed in their header, so that the side that loads them
 * can tell whether each arrived. The format of the C# program's section `opaque`, version 1.
 */
#ifndef VMM_DEVICE_H
#define VMM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEVICE_STATE_VERSION = 1 };

#define DEVICE_STATE_SIZE ((size_t)1 << 20)

/* Writes DEVICE_STATE_SIZE bytes. */
void device_save(uint8_t *bytes);

/* Whether these are the bytes that a device saved, of whatever size and seed. */
bool device_load(const uint8_t *bytes, size_t size);

#endif
