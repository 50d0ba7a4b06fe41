"""Intermediate-task training (Phang et al. 2020, arXiv:2005.13013): recipes, their phases, and the checkpoints they make."""
