"""One module a verb; see folkmoot.analyse.command for what each must offer."""
