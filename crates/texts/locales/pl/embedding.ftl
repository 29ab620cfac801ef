session-warning-title = Czy nadal korzystasz ze strony?
session-warning-text = Ze względów bezpieczeństwa sesja zostanie zakończona za mniej niż dwie minuty.
session-final-text = Tej sesji nie można już przedłużyć. Prosimy dokończyć rozpoczętą czynność.
stay-signed-in = Pozostań w sesji
token-wrong-title = W ten sposób nie można wejść
token-wrong-text = Strona, z której następuje wejście, zażądała czegoś niemożliwego. Prosimy przekazać { $merchant }:
