/*
 * A stopped vCPU's whole state as bytes, and back, in the format of the C# program's section `kvm-vcpu-N`, version 2: its schedule
 * (schedule.h), then parts, each with a tag and a length (32 bits) and the kernel's structure as it is.
 */
#ifndef VMM_VCPU_STATE_H
#define VMM_VCPU_STATE_H

#include "vcpu.h"

enum { VCPU_STATE_VERSION = 2 };

/* The most bytes that vcpu_state_save writes. */
size_t vcpu_state_max(const struct vcpu *vcpu);

/* Writes the state to `bytes`, which has room for vcpu_state_max. Returns its length; 0 on failure, told in `fault`. */
size_t vcpu_state_save(struct vcpu *vcpu, uint8_t *bytes, char *fault, size_t fault_size);

/* Gives a vCPU that does not run a saved state. Bytes that are no such state are refused: false, told in `fault`. */
bool vcpu_state_load(struct vcpu *vcpu, const uint8_t *bytes, size_t size, char *fault, size_t fault_size);

#endif
