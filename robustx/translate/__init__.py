"""Adversarial NLI in languages that have none: engines that translate, and gates that say how far each row can be trusted."""
