mail-hello = Bonjour { $name },
mail-open-account = Ouvrir votre compte
mail-why = Vous recevez cet e-mail parce que vous êtes client de { $merchant }.
mail-invoice = Votre facture est jointe au format PDF.
mail-order = Merci pour votre commande. Voici ce que nous avons noté.
mail-payment = Nous avons bien reçu votre paiement. Merci.
mail-amount-received = Montant reçu
mail-nothing-left = Il ne reste rien à payer
