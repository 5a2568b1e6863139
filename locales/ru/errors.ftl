# Ошибки в полях и страницы ошибок.

problem-required = Заполните это поле
problem-family-name = Укажите фамилию
problem-given-name = Укажите имя
problem-name-letters = Имя может состоять из букв, пробелов, дефисов и апострофов
problem-too-long = { $count ->
    [one] Не больше { $count } знака
   *[other] Не больше { $count } знаков
  }
problem-contact-empty = Укажите телефон или электронную почту
problem-contact = Это не похоже ни на телефон, ни на адрес почты. Пример: +7 912 345‑67‑89 или name@example.ru
problem-phone-mobile = Нужен мобильный номер: на него придёт SMS
problem-terms = Без принятия соглашения зарегистрироваться нельзя
problem-privacy = Без согласия на обработку данных зарегистрироваться нельзя
problem-accept = Без согласия с новой версией продолжить нельзя
problem-code-empty = Введите код из сообщения
problem-code-format = Код состоит из 6 цифр
problem-code-wrong = Код не подходит. Проверьте и введите ещё раз
problem-code-expired = Код больше не действует. Запросите новый
problem-code-spent = Попыток больше нет. Запросите новый код
problem-code-resend-soon = Запросить новый код можно после { $time }
problem-code-resend-limit = Слишком много запросов кода. Попробуйте позже
problem-code-too-many = Запрошено слишком много кодов. Попробуйте снова после { $time }
problem-code-tries = Слишком много неверных кодов. Попробуйте снова после { $time }
problem-username-empty = Введите телефон, почту или СНИЛС
problem-password-empty = Введите пароль
problem-password-current = Текущий пароль не подходит
problem-password-locked = Пароль несколько раз ввели неверно. Попробуйте снова после { $time }. Номер блокировки для службы поддержки: { $number }
problem-password-length = { $count ->
    [one] В пароле должно быть не меньше { $count } знака
   *[other] В пароле должно быть не меньше { $count } знаков
  }
problem-password-long = { $count ->
    [one] В пароле должно быть не больше { $count } знака
   *[other] В пароле должно быть не больше { $count } знаков
  }
problem-password-upper = Добавьте прописную букву
problem-password-lower = Добавьте строчную букву
problem-password-digit = Добавьте цифру
problem-password-special = Добавьте особый знак, например ! или ?
problem-password-blanks = Уберите пробелы и невидимые знаки
problem-password-runs = Уберите ряд подряд идущих знаков, например 1234, abcd или qwerty
problem-password-repeats = Уберите три одинаковых знака подряд
problem-password-personal = Уберите из пароля имя, контакт или дату рождения
problem-password-history = Этот пароль у вас уже был. Придумайте другой
problem-password-breached = Этот пароль известен взломщикам. Придумайте другой
problem-password-repeat = Пароли не совпадают
problem-date = Такой даты нет. Введите её так: 24.03.1990
problem-date-future = Дата не может быть в будущем
problem-date-past = Проверьте год рождения
problem-dates-order = Последний день раньше первого
problem-sex = Выберите один из вариантов
problem-snils = В СНИЛС 11 цифр. Проверьте, все ли на месте
problem-snils-sum = В СНИЛС опечатка: не сходится контрольная сумма
problem-postal-code = В индексе 6 цифр
problem-choice = Выберите один из вариантов
problem-value = Проверьте это поле
error-request = Номер запроса для службы поддержки:
error-home = На главную страницу

error-bad-request-title = Запрос не получился
error-bad-request-text = Вернитесь назад и попробуйте ещё раз.
error-form-title = Форма устарела
error-form-text = Страница была открыта слишком долго или в другом окне вы вышли. Откройте её заново.
error-not-found-title = Такой страницы нет
error-not-found-text = Возможно, в адресе опечатка или страницу перенесли.
error-method-title = Так открыть страницу нельзя
error-method-text = Вернитесь назад и воспользуйтесь кнопками на странице.
error-too-large-title = Слишком много данных
error-too-large-text = Сократите то, что отправляете, и попробуйте снова.
error-encoding-title = Не удалось прочитать форму
error-encoding-text = Браузер прислал её в незнакомом виде. Откройте страницу в другом браузере.
error-too-many-title = Слишком много запросов
error-too-many-text = Подождите немного и попробуйте снова.
error-busy-title = Сейчас очень много посетителей
error-busy-text = Подождите полминуты и обновите страницу. Всё, что вы сохранили, на месте.
error-internal-title = Что-то сломалось у нас
error-internal-text = Мы уже знаем. Попробуйте ещё раз через несколько минут.
error-forbidden-title = Доступ закрыт
error-forbidden-text = Эта страница вам недоступна.
error-flow-title = Вход устарел
error-flow-text = Вернитесь на сайт, с которого пришли, и нажмите «Войти» ещё раз.
error-client-title = Сайт не зарегистрирован
error-client-text = Сайт, с которого вы пришли, у нас не зарегистрирован или отключён. Сообщите об этом его владельцам.
error-redirect-title = Сайт указал неверный адрес возврата
error-redirect-text = Мы не можем вернуть вас по этому адресу: он не зарегистрирован. Сообщите об этом владельцам сайта.
error-authorization-title = Сайт прислал неверный запрос
error-authorization-text = Вернитесь на сайт и попробуйте войти ещё раз. Если не поможет, сообщите его владельцам.
