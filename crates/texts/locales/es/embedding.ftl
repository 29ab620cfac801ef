session-warning-title = ¿Sigue usted ahí?
session-warning-text = Por su seguridad, su sesión se cerrará en menos de dos minutos.
session-final-text = Esta sesión no puede prolongarse más. Termine, por favor, lo que estaba haciendo.
stay-signed-in = Mantener la sesión iniciada
session-note = Su sesión se cierra tras 30 minutos sin abrir ninguna página y, en todo caso, después de 8 horas.
token-wrong-title = Así no podemos darle acceso
token-wrong-text = La página de la que viene ha pedido algo que no es posible. Comuníquelo, por favor, a { $merchant }:
