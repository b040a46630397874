"""What every view shares: headers, errors, requests, forms, pages, assets. No room lives here."""
