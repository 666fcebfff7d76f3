"""Documents as Word files: from the acts on file and a template in the bureau's hands.

writing    which act a document is about; written once, printed again as often as wanted
filling    what a template may say about an order or a case
rendering  from a template and its fields to the bytes
checking   what the public check page may show, and the file for those within the scope
"""
