"""Reading what people write: YAML with positions, CSV tables, bare expressions; every fault becomes a `Finding`."""
