/* dataplane_errors.h - what functions of dataplane.h return and migrations end with. Included by it. */
#ifndef DATAPLANE_ERRORS_H
#define DATAPLANE_ERRORS_H

#define DP_OK 0

/* What a migration ends with. The same stable numbers as in C# (MigrationErrorCode) and in result documents, negated. */
#define DP_E_CANCELLED (-1)             /* a stop asked for by the user or the VMM */
#define DP_E_CANNOT_CONNECT (-2)        /* the peer could not be reached, or an address could not be bound */
#define DP_E_TIMEOUT (-3)               /* nothing came, or nothing moved, for longer than the step allows */
#define DP_E_CONNECTION_LOST (-4)       /* a connection ended that was still needed */
#define DP_E_PROTOCOL_VIOLATION (-5)    /* bytes that are not the protocol */
#define DP_E_VERSION_MISMATCH (-6)      /* the sides speak no common protocol version */
#define DP_E_LAYOUT_MISMATCH (-7)       /* the sides disagree on memory layout or device sections */
#define DP_E_REFUSED (-8)               /* the destination does not take this migration */
#define DP_E_HOST_FAILED (-9)           /* a callback of the VMM failed */
#define DP_E_NOT_CONVERGING (-10)       /* passes did not come down to what fits within the time allowed */
#define DP_E_VERIFY_MISMATCH (-11)      /* memory compared after the transfer was not the same */
#define DP_E_OWNERSHIP_UNCERTAIN (-12)  /* somebody must say whose guest it is; see dp_settle */
#define DP_E_OUT_OF_RESOURCES (-13)     /* memory, descriptors or another resource ran out */
#define DP_E_INTERNAL (-14)             /* a fault of this library */
#define DP_E_WOULD_MISS_LIMIT (-15)     /* the forecast never allowed the guest to be stopped */
#define DP_E_LIMIT_MISSED (-16)         /* the hard limit on the blackout could not be kept: the guest runs on the source */
#define DP_E_ILLEGAL_TRANSITION (-17)   /* a step that the migration's status does not allow */
#define DP_E_GUEST_LOST (-18)           /* the destination had taken the guest when it ended: nobody runs it */

/* What a call can be refused with. */
#define DP_E_NOT_INITIALISED (-100)     /* dp_init has not been called, or failed */
#define DP_E_ARGUMENT (-101)            /* an argument, option or block is NULL, out of range or contradicts another; the sentence names each */
#define DP_E_STRUCT_SIZE (-102)         /* a struct_size that is no struct's, or a field this library does not know is not zero */
#define DP_E_NULL_HANDLE (-103)         /* a handle is NULL */
#define DP_E_STALE_HANDLE (-104)        /* the handle was destroyed */
#define DP_E_FOREIGN_HANDLE (-105)      /* not a handle of this library, or one of another kind */
#define DP_E_WRONG_SIDE (-106)          /* a function for the source was called with a destination, or the other way round */
#define DP_E_REENTRY (-107)             /* called from a callback that it would wait for */
#define DP_E_BUSY (-108)                /* in use: RAM cannot be added or removed, nothing in use destroyed */
#define DP_E_STATE (-109)               /* started already, not started yet, not uncertain... */
#define DP_E_SIGNAL_TAKEN (-110)        /* the host uses SIGRTMIN, which the .NET runtime needs */
#define DP_E_CPU (-111)                 /* this CPU lacks instructions that the library was built for */
#define DP_E_NOT_READY (-112)           /* not over yet: dp_wait ran out of time, dp_get_result came too early */
#define DP_E_BUFFER (-113)              /* the text did not fit and was cut; *needed says how much it takes */
#define DP_E_UNAVAILABLE (-114)         /* not to be had here: a way of finding written pages, a journal; the sentence says what to do */
#define DP_E_FORKED (-115)              /* called in a child of fork(2): only exec works there */
#define DP_E_ABI (-116)                 /* the program was compiled for another DP_ABI_VERSION */

/* A callback's result for "resume": no vCPU has entered the guest and none will. The guest is given back to the source. */
#define DP_NOT_ENTERED (-1000)

#endif
