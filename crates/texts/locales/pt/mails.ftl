mail-hello = Olá, { $name },
mail-open-account = Abrir a sua conta
mail-why = Recebe este e-mail porque é cliente de { $merchant }.
mail-invoice = A sua fatura segue em anexo em PDF.
mail-order = Obrigado pela sua encomenda. Eis o que registámos.
mail-payment = Recebemos o seu pagamento. Obrigado.
mail-amount-received = Valor recebido
mail-nothing-left = Não há mais nada a pagar
