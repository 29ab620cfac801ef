mail-hello = Hola, { $name }:
mail-open-account = Abrir su cuenta
mail-why = Recibe este correo porque es cliente de { $merchant }.
mail-invoice = Adjuntamos su factura en PDF.
mail-order = Gracias por su pedido. Esto es lo que hemos anotado.
mail-payment = Hemos recibido su pago. Gracias.
mail-amount-received = Importe recibido
mail-nothing-left = No queda nada por pagar
