session-warning-title = È ancora qui?
session-warning-text = Per la sua sicurezza la sessione terminerà tra meno di due minuti.
session-final-text = Questa sessione non può essere prolungata oltre. La preghiamo di terminare ciò che sta facendo.
stay-signed-in = Resta connesso
session-note = La sessione termina dopo 30 minuti senza aprire una pagina e in ogni caso dopo 8 ore.
token-wrong-title = Non possiamo farla entrare così
token-wrong-text = La pagina da cui proviene ha chiesto qualcosa di impossibile. La preghiamo di segnalarlo a { $merchant }:
