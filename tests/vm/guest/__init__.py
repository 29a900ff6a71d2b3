"""What runs inside the guest, beside the gateway; standard library only, but for the chip, which is Bumble's."""
