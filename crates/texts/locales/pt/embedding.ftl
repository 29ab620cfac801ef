session-warning-title = Você ainda está aí?
session-warning-text = Para sua segurança, sua sessão será encerrada em menos de dois minutos.
session-final-text = Esta sessão não pode durar mais. Conclua, por favor, o que está fazendo.
stay-signed-in = Continuar conectado
token-wrong-title = Não é possível entrar desta forma
token-wrong-text = A página de onde você vem pediu algo que não é possível. Informe, por favor, { $merchant }:
