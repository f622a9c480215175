# De vergoeding van het platform.
fee-label = Vergoeding voor Drempel
fee-of-each = Van elke 100 euro die aan een project wordt uitbetaald, gaat { $fee } naar Drempel. Je betaalt niets extra. Geld dat je terugkrijgt, krijg je helemaal terug.
fee-for-maker = Van elke 100 euro die wordt uitbetaald, gaat { $fee } naar Drempel. De bedragen hieronder zijn met die vergoeding.
fee-paper = Van elke 100 euro die aan het project wordt uitbetaald, gaat { $fee } naar de stichting. Wat wordt terugbetaald, wordt helemaal terugbetaald.
fee-beside = en { $fee } vergoeding voor Drempel
fee-books = Van uitbetalingen ging naar Drempel
fee-field = Hoeveel procent van wat projecten krijgen, gaat naar Drempel?
fee-field-hint = Gaat af van elke uitbetaling, nooit van wat steuners terugkrijgen. Van 0 tot en met 20, bijvoorbeeld 2,5. Bij 0 is er geen vergoeding.
fee-field-wrong = Vul een percentage in van 0 tot en met 20, met hooguit twee cijfers achter de komma
