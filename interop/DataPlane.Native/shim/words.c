/* What codes mean, and the version. Static text: it outlives everything. */
#include "dataplane.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char *dp_strerror(int32_t code)
{
    switch (code) {
    case DP_OK: return "no error";
    case DP_E_CANCELLED: return "a stop asked for by the user or the VMM";
    case DP_E_CANNOT_CONNECT: return "the peer could not be reached, or an address could not be bound";
    case DP_E_TIMEOUT: return "nothing came, or nothing moved, for longer than the step allows";
    case DP_E_CONNECTION_LOST: return "a connection ended that was still needed";
    case DP_E_PROTOCOL_VIOLATION: return "bytes that are not the protocol";
    case DP_E_VERSION_MISMATCH: return "the sides speak no common protocol version";
    case DP_E_LAYOUT_MISMATCH: return "the sides disagree on memory layout or device sections";
    case DP_E_REFUSED: return "the destination does not take this migration";
    case DP_E_HOST_FAILED: return "a callback of the VMM failed";
    case DP_E_NOT_CONVERGING: return "passes did not come down to what fits within the time allowed";
    case DP_E_VERIFY_MISMATCH: return "memory compared after the transfer was not the same";
    case DP_E_OWNERSHIP_UNCERTAIN: return "somebody must say whose guest it is; see dp_settle";
    case DP_E_OUT_OF_RESOURCES: return "memory, descriptors or another resource ran out";
    case DP_E_INTERNAL: return "a fault of this library";
    case DP_E_WOULD_MISS_LIMIT: return "the forecast never allowed the guest to be stopped";
    case DP_E_LIMIT_MISSED: return "the hard limit on the blackout could not be kept: the guest runs on the source";
    case DP_E_ILLEGAL_TRANSITION: return "a step that the migration's status does not allow";
    case DP_E_GUEST_LOST: return "the destination had taken the guest when it ended: nobody runs it";
    case DP_E_NOT_INITIALISED: return "dp_init has not been called, or failed";
    case DP_E_ARGUMENT: return "an argument, option or block is NULL, out of range or contradicts another; the sentence names each";
    case DP_E_STRUCT_SIZE: return "a struct_size that is no struct's, or a field this library does not know is not zero";
    case DP_E_NULL_HANDLE: return "a handle is NULL";
    case DP_E_STALE_HANDLE: return "the handle was destroyed";
    case DP_E_FOREIGN_HANDLE: return "not a handle of this library, or one of another kind";
    case DP_E_WRONG_SIDE: return "a function for the source was called with a destination, or the other way round";
    case DP_E_REENTRY: return "called from a callback that it would wait for";
    case DP_E_BUSY: return "in use: RAM cannot be added or removed, nothing in use destroyed";
    case DP_E_STATE: return "started already, not started yet, not uncertain...";
    case DP_E_SIGNAL_TAKEN: return "the host uses SIGRTMIN, which the .NET runtime needs";
    case DP_E_CPU: return "this CPU lacks instructions that the library was built for";
    case DP_E_NOT_READY: return "not over yet: dp_wait ran out of time, dp_get_result came too early";
    case DP_E_BUFFER: return "the text did not fit and was cut; *needed says how much it takes";
    case DP_E_UNAVAILABLE: return "not to be had here: a way of finding written pages, a journal; the sentence says what to do";
    case DP_E_FORKED: return "called in a child of fork(2): only exec works there";
    case DP_E_ABI: return "the program was compiled for another DP_ABI_VERSION";
    default: return "not a code of this library";
    }
}

uint32_t dp_version_number(void)
{
    return DP_VERSION_MAJOR << 16 | DP_VERSION_MINOR << 8 | DP_VERSION_PATCH;
}

const char *dp_version_string(void)
{
    return TEXT(DP_VERSION_MAJOR) "." TEXT(DP_VERSION_MINOR) "." TEXT(DP_VERSION_PATCH);
}

uint32_t dp_abi_version(void)
{
    return DP_ABI_VERSION;
}
