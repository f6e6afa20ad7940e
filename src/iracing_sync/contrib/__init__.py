"""For programs: what applications build on."""
