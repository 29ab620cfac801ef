mail-hello = Hello { $name },
mail-open-account = Open your account
mail-why = You receive this mail because you are a customer of { $merchant }.
mail-invoice = Your invoice is attached as a PDF.
mail-order = Thank you for your order. This is what we have noted.
mail-payment = We have received your payment. Thank you.
mail-amount-received = Amount received
mail-nothing-left = Nothing is left to pay
