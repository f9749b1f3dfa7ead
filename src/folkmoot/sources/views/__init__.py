"""Pages of sources: no arithmetic and no writes; queries read, actions write."""
