/*
 * dataplane_operator.h - the handover's records, for tools that an operator uses when the sides cannot tell whose a guest is. Included by
 * dataplane.h, whose rules hold here too. A VMM needs none of it.
 */
#ifndef DATAPLANE_OPERATOR_H
#define DATAPLANE_OPERATOR_H

#ifndef DATAPLANE_H
#error "Include dataplane.h; it includes this."
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* All attempts in the records of `folder` (NULL: the private default), as one JSON array. Text as above. Reads files. */
DP_API int32_t dp_handover_status_json(const char *folder, char *text, uint64_t size, uint64_t *needed);

/*
 * What a source does that was started again: asks the destination at `address` what became of the guests that the records leave open, and writes the
 * answers down. One JSON array. `image`: 16 bytes, or NULL for all. Blocks for the network, at most timeout_us (below 0: no limit).
 */
DP_API int32_t dp_handover_ask(
    const char *folder, const char *address, const uint8_t *image, int64_t timeout_us, char *text, uint64_t size, uint64_t *needed);

/*
 * Writes down an operator's verdict that the guest is `side`'s. Without an arbiter the operator vouches that the other side is off (1). 0: it stands.
 * DP_E_REFUSED: dp_last_error(NULL, ...) says why not. Reads and writes files.
 */
DP_API int32_t dp_handover_resolve(
    const char *folder, const uint8_t *image, uint32_t attempt, int32_t side, int32_t other_side_is_off, const char *arbiter_folder);

#ifdef __cplusplus
}
#endif

#endif
