"""Every read of mechanisms: chains, lists, their history, and the library beside one's own words."""

from folkmoot.mechanisms.queries.chains import Chain, ChainStep, chain_of

__all__ = ["Chain", "ChainStep", "chain_of"]
