"""Pages of coding: the reader, codebooks, claims, and how far two coders agree."""
