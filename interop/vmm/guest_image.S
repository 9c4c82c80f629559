/* The guest's code, compiled from src/DataPlane.Guests/Kvm/guest.c: the same that the C# program's guest runs. */
        .section .rodata
        .global guest_image, guest_image_end
guest_image:
        .incbin GUEST_IMAGE
guest_image_end:
        .section .note.GNU-stack, "", @progbits
