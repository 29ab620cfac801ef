mail-hello = Beste { $name },
mail-open-account = Uw account openen
mail-why = U ontvangt deze e-mail omdat u klant bent van { $merchant }.
mail-invoice = Uw factuur is als pdf bijgevoegd.
mail-order = Hartelijk dank voor uw bestelling. Dit hebben wij genoteerd.
mail-payment = Wij hebben uw betaling ontvangen. Hartelijk dank.
mail-amount-received = Ontvangen bedrag
mail-nothing-left = Er hoeft niets meer te worden betaald
