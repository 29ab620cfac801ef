session-warning-title = Você ainda está aí?
session-warning-text = Para sua segurança, sua sessão será encerrada em menos de dois minutos.
session-final-text = Esta sessão não pode durar mais. Conclua, por favor, o que está fazendo.
stay-signed-in = Continuar conectado
session-note = Sua sessão é encerrada após 30 minutos sem abrir nenhuma página e, em todo caso, após 8 horas.
token-wrong-title = Não é possível entrar desta forma
token-wrong-text = A página de onde você vem pediu algo que não é possível. Informe, por favor, { $merchant }:
