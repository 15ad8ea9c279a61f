"""POET: whether partnerships in health and social care leave people better off."""
