# Помощь: обращения граждан и рабочее место поддержки.

section-support = Помощь
support-ask = Написать в поддержку
support-about = Опишите, что случилось. Ответ придёт сюда, а мы пришлём уведомление. Никогда не сообщайте в обращении пароли и коды.
field-topic = Тема
field-message = Сообщение
support-topic-choose = Выберите тему
support-topic-sign-in = Не получается войти
support-topic-level = Подтверждение учётной записи
support-topic-data = Личные данные и документы
support-topic-consents = Согласия и сайты
support-topic-security = Безопасность
support-topic-other = Другое
support-message-hint = До 2000 знаков
support-send = Отправить
support-requests = Ваши обращения
support-none = Обращений пока нет
support-request = Обращение { $number }
support-new = Новое
support-in-work = В работе
support-answered = Есть ответ
support-closed = Закрыто
support-back = Все обращения
support-sent = Обращение отправлено. Запомните его номер: он пригодится, если вы позвоните.
support-written = Сообщение отправлено.
support-closed-done = Обращение закрыто.
support-more = Дополнить обращение
support-write = Отправить
support-close-about = Вопрос решён? Закройте обращение. Прочитать его можно будет ещё год.
support-close = Закрыть обращение
support-is-closed = Обращение закрыто. Если вопрос остался, создайте новое.
support-author-you = Вы
support-author-support = Служба поддержки
support-too-many-open = У вас уже есть открытые обращения. Дополните одно из них или закройте то, что решено
support-too-many = Сегодня отправлено слишком много сообщений. Попробуйте снова { $time }

action-support-asked = Отправлено обращение в поддержку
action-support-written = Обращение в поддержку дополнено
action-support-opened = Сотрудник поддержки прочитал обращение
action-support-answered = Поддержка ответила на обращение
action-support-closed = Обращение в поддержку закрыто
action-lock-opened = Сотрудник поддержки посмотрел блокировку входа
action-lock-lifted = Поддержка сняла блокировку входа
action-lock-not-found = Блокировка не найдена

locks-title = Блокировки входа
lock-number = Номер блокировки
lock-number-hint = Восемь цифр: их называет гражданин с экрана входа или из уведомления
lock-open = Найти блокировку
lock-lifted = Блокировка снята. Если у неё есть владелец, он получил уведомление.
problem-lock-unknown = Такой действующей блокировки нет. Проверьте номер: блокировка могла закончиться сама
problem-own-lock = Это блокировка вашей учётной записи. Снять её может другой сотрудник
problem-locks-too-many = Слишком много номеров, которых нет. Попробуйте снова { $time }
lock-title = Блокировка { $number }
lock-what = Что заблокировано
lock-place = Где вводили пароль
lock-at-known = На устройстве, с которого владелец уже входил, или в личном кабинете
lock-at-stranger = На незнакомом устройстве
lock-since = Действует с
lock-until = Закончится
lock-tries = Попыток
lock-whose = Чья учётная запись
lock-nobody = Учётной записи с таким логином нет
lock-logins = Логины
lock-lift-title = Снять блокировку
lock-lift-about = Будет снята только эта блокировка. Пароль не изменится. Не называйте звонящему ничего из того, что видите: пусть называет он.
lock-identified = Личность звонящего установлена: мы сами перезвонили на подтверждённый контакт учётной записи и получили верные ответы
lock-reason = Причина
lock-reason-hint = Увидит владелец учётной записи в журнале действий
lock-lift = Снять блокировку
problem-not-identified = Сначала установите личность: перезвоните на подтверждённый контакт и отметьте это

requests-title = Обращения
requests-urgent =
    { $count ->
        [one] { $count } просрочено
        [few] { $count } просрочены
       *[many] { $count } просрочено
    }
requests-none = Все обращения отвечены
requests-none-text = Новые появятся здесь.
requests-about = Сначала те, кто ждёт дольше.
requests-since = Ждёт ответа с
request-take = Взять в работу
request-escalated = Просрочено
request-mine = У вас
request-others = У другого сотрудника
request-taken = Обращение уже взял другой сотрудник, или оно закрыто.
request-lost = Это обращение сейчас не у вас: время вышло, его закрыли или передали. Возьмите его снова.
request-answered = Ответ отправлен. Гражданин получил уведомление.
request-closed = Ответ отправлен, обращение закрыто.
request-answer-title = Ответ
request-answer-hint = До 2000 знаков. Не просите пароли и коды
request-answer = Ответить
request-answer-close = Ответить и закрыть
request-release-about = Не можете ответить сейчас? Верните обращение в очередь.
request-release = Вернуть в очередь
request-more-written = Гражданин дополнил обращение, пока вы писали. Прочитайте новое и отправьте ответ ещё раз
request-unsent = Ваш ответ не отправлен
