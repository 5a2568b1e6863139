# Уровень учётной записи и проверка данных по реестрам.

section-level = Уровень
level-ladder = Ступени
level-current = ваш уровень
level-passed = пройден
level-ahead = ещё не достигнут
level-ends = Уровень действует до
level-ends-about = К этому дню получите новый паспорт и отправьте его данные на проверку.
level-continue = Продолжить
level-site-waits = Сайту «{ $site }» нужен уровень «{ $level }». Повысьте уровень здесь, и вы сможете вернуться на сайт.
level-site-met = Ваш уровень подходит сайту «{ $site }».
level-raise = Повысить уровень

check-title = Проверка данных
check-about = Укажите данные паспорта и СНИЛС. Мы сверим их с государственными реестрами, обычно это занимает несколько минут.
check-nobody = Сейчас проверить данные нельзя: реестры не подключены.
check-sent = Отправлено
check-live = Страница обновляется сама
check-fields = Не совпадает:
check-waiting = в очереди
check-in-progress = проверяется
check-in-progress-about = Мы сверяем ваши данные с реестрами. Ждать на странице не нужно: о результате придёт уведомление.
check-matched = совпало
check-matched-about = Все данные совпали с реестрами.
check-mismatch = не совпало
check-mismatch-about = Сравните отмеченные поля с документами. Если в документах всё так, как вы указали, обратитесь в ведомство, которое ведёт реестр. Прежние данные учётной записи не изменились.
check-unavailable = реестр не отвечает
check-unavailable-about = Реестр временно недоступен. Мы спросим его снова сами, отправлять данные ещё раз не нужно.
check-snils-taken = СНИЛС занят
check-snils-taken-about = Этот СНИЛС уже подтверждён в другой учётной записи. Если она ваша, войдите в неё. Если нет, обратитесь в поддержку.
registry-passports = Реестр паспортов МВД
registry-pension-fund = Социальный фонд
registry-tax-service = Налоговая служба

level-data-title = Данные для проверки
level-data-about = Заполните всё так, как в документах. До ответа реестров в учётной записи ничего не изменится.
level-data-simulated = Реестры здесь учебные. Они знают только людей со СНИЛС вида 000‑000‑300 00 (первые три цифры – нули, следующие шесть делятся на 3) и паспортом серии 00 01 с номером, который делится на 3, например 00 01 000300.
level-data-person = Кто вы
level-data-passport = Паспорт гражданина России
level-data-registered = Адрес регистрации
level-data-residence = Адрес проживания
level-data-lives-there = Совпадает с адресом регистрации
level-data-send = Отправить на проверку
level-data-sent = Данные отправлены на проверку.
level-data-fill = Заполнить данные
level-data-correct = Исправить данные
level-data-renew = Обновить данные
level-data-too-many = Сегодня вы отправляли данные слишком много раз. Попробуйте снова { $time }.

field-middle-name-hint = Оставьте пустым, если в паспорте отчества нет
field-birthplace = Место рождения
field-birthplace-hint = Как в паспорте
field-inn = ИНН
field-inn-hint = 12 цифр
field-passport = Серия и номер паспорта
field-passport-hint = 10 цифр, например 18 10 123456
field-issued-on = Дата выдачи
field-department-code = Код подразделения
field-department-code-hint = Например, 340‑001
field-issued-by = Кем выдан
field-issued-by-hint = Как в паспорте

problem-name-cyrillic = Напишите имя русскими буквами, как в паспорте
problem-snils-fixed = Этот СНИЛС отличается от подтверждённого. Изменить его можно только через оператора
problem-passport-digits = В серии и номере паспорта 10 цифр
problem-passport-region = Такой серии нет. Проверьте первые две цифры
problem-passport-year = Серия не подходит к дате выдачи. Проверьте третью и четвёртую цифры и дату
problem-passport-young = Паспорт выдают с 14 лет. Проверьте дату выдачи и дату рождения
problem-passport-expired = Этот паспорт больше не действует: его меняют в 20 и в 45 лет. Укажите новый
problem-department-code = В коде подразделения 6 цифр
problem-inn = В ИНН 12 цифр
problem-inn-sum = В ИНН опечатка: не сходятся контрольные цифры

attribute-from-level = передаётся с уровня «{ $level }»

profile-checked = Имя, дата рождения, пол и документы сверены с реестрами. Изменить их можно только новой проверкой.
profile-checked-link = Отправить новые данные
