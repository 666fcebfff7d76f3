"""扁鹊 Bianque: product-quality supervision for city and county bureaus."""
