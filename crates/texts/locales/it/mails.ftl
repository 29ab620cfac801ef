mail-hello = Buongiorno { $name },
mail-open-account = Apri il tuo account
mail-why = Riceve questa e-mail perché è cliente di { $merchant }.
mail-invoice = In allegato trova la Sua fattura in PDF.
mail-order = Grazie per il Suo ordine. Ecco che cosa abbiamo registrato.
mail-payment = Abbiamo ricevuto il Suo pagamento. Grazie.
mail-amount-received = Importo ricevuto
mail-nothing-left = Non resta nulla da pagare
