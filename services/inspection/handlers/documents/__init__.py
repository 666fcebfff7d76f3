"""Documents as Word files: from the acts on file and a template in the bureau's hands.

writing    written once, printed again as often as wanted
papers     which documents there can be about an order, a case and a visit
filling    what a template may say about each of them
rendering  from a template and its fields to the bytes
checking   what the public check page may show, and the file for those within the scope
"""
