# Кабинет.

menu-label = Разделы кабинета
menu-open = Кабинет
section-overview = Обзор
section-profile = Мои данные
section-security = Безопасность
section-history = История входов
section-consents = Согласия
section-journal = Журнал действий
section-notices = Уведомления

level-simplified = Упрощённый
level-simplified-about = Контакт подтверждён, этого хватает для входа на большинство порталов. Для некоторых услуг понадобится более высокий уровень.
level-standard = Стандартный
level-standard-about = Ваши данные сверены с государственными реестрами.
level-verified = Подтверждённый
level-verified-about = Личность подтверждена. Доступны все услуги.

overview-welcome = Учётная запись создана. Добро пожаловать!
overview-last = Прошлый вход:
overview-first = Это ваш первый вход.
overview-level = уровень учётной записи
overview-level-title = Что открывает ваш уровень
overview-sessions = { $count ->
    [one] открытый сеанс
    [few] открытых сеанса
   *[many] открытых сеансов
  }
overview-sessions-link = Проверить сеансы
overview-consents = { $count ->
    [one] действующее согласие
    [few] действующих согласия
   *[many] действующих согласий
  }
overview-consents-link = Посмотреть согласия
overview-unread = { $count ->
    [one] новое уведомление
    [few] новых уведомления
   *[many] новых уведомлений
  }
overview-unread-link = Прочитать уведомления
warning-password-soon = { $count ->
    [one] Пароль перестанет действовать через { $count } день.
    [few] Пароль перестанет действовать через { $count } дня.
   *[many] Пароль перестанет действовать через { $count } дней.
  }
warning-password-soon-action = Сменить пароль
warning-failed-attempts = { $count ->
    [one] С прошлого входа была { $count } неудачная попытка войти.
    [few] С прошлого входа было { $count } неудачные попытки войти.
   *[many] С прошлого входа было { $count } неудачных попыток войти.
  }
warning-failed-attempts-action = Посмотреть историю
warning-consents-ending = { $count ->
    [one] Скоро закончится { $count } согласие.
    [few] Скоро закончатся { $count } согласия.
   *[many] Скоро закончатся { $count } согласий.
  }
warning-consents-ending-action = Открыть согласия

profile-personal = Личные данные
profile-contacts = Контакты
profile-address = Адрес
profile-edit = Изменить
profile-edit-title = Изменить личные данные
profile-saved = Изменения сохранены.
contact-confirmed = подтверждён
contact-unconfirmed = не подтверждён
contact-title = Новый контакт
contact-back = К моим данным
contact-about = Укажите мобильный телефон или адрес почты, мы пришлём на него код. Новый телефон займёт место прежнего, новый адрес – место прежнего адреса. О замене узнают все ваши контакты.
contact-phone-now = Телефон сейчас
contact-email-now = Почта сейчас
contact-new = Новый телефон или адрес почты
contact-new-hint = Например, +7 912 345‑67‑89 или name@example.ru
contact-password-hint = Вы вошли давно, поэтому подтвердите, что это вы.
contact-code-sent-email = Мы отправили письмо с кодом на адрес
contact-confirm = Подтвердить
contact-saved = Контакт подтверждён. Теперь им можно входить.
contact-code-dead = Этот код больше не действует. Начните ещё раз.
contact-taken = Этот контакт уже подтверждён в другой учётной записи.

security-password = Пароль
security-password-set = Задан
security-password-left = { $count ->
    [0] Срок его действия истёк.
    [one] Действует ещё { $count } день.
    [few] Действует ещё { $count } дня.
   *[many] Действует ещё { $count } дней.
  }
security-password-change = Сменить пароль
security-password-note = После смены пароля остальные сеансы завершатся.
security-password-submit = Сменить пароль
security-password-done = Пароль изменён. Остальные сеансы завершены.
security-sessions-about = Устройства, на которых сейчас открыта ваша учётная запись. Незнакомое завершите и смените пароль.
security-this = это устройство
security-last-use = последнее действие:
security-began = вход:
security-sites = Открыты сайты:
security-end = Завершить
security-end-others = Завершить все остальные сеансы
security-ended = Сеанс завершён.
security-ended-others = Остальные сеансы завершены.

history-when = Время
history-status = Результат
history-device = Устройство
history-factors = Способ
history-site = Куда
history-site-own = Кабинет
history-none = Записей нет
history-none-yet = Здесь появятся входы в учётную запись, удачные и неудачные.
history-none-filtered = Измените условия отбора или сбросьте их.
history-not-me = Видите вход, которого не было?
history-not-me-link = Завершите сеанс и смените пароль
history-system = Система
history-browser = Браузер
history-block = Номер блокировки
history-block-number = номер { $number }
history-address = Адрес в сети
status-success = успешно
status-failure = неудача
status-expired = завершён по времени
status-ended = завершён
status-locked = заблокирован
device-desktop = Компьютер
device-phone = Телефон
device-tablet = Планшет
device-other = Другое устройство
device-unknown-agent = браузер не определён
factor-password = пароль
factor-sms-code = код из SMS
factor-email-code = код из письма

consents-lead = Кому и какие данные вы разрешили передавать.
consents-active = Действующие
consents-past = Прошлые
consents-none = Действующих согласий нет
consents-none-text = Когда сайт впервые попросит ваши данные, согласие появится здесь.
consents-given = Дано
consents-last-use = Последнее обращение
consents-open = Открыть
consents-extend = Продлить
consent-state-active = действует
consent-state-ending = скоро закончится
consent-state-withdrawn = отозвано
consent-state-lapsed = срок истёк

consent-card-title = Согласие
consent-card-back = Ко всем согласиям
consent-card-purpose = Для чего
consent-card-given = Когда дано
consent-card-ends = Действует до
consent-card-withdrawn-at = Отозвано
consent-card-lapsed-at = Закончилось
consent-card-endless = до отзыва
consent-card-last-use = Последнее обращение
consent-card-unused = ещё не обращались
consent-card-papers = Документы сайта
consent-card-data = Какие данные
consent-card-details = Что вы разрешили отдельно
consent-card-narrow = Сохранить выбор
consent-card-narrowed = Выбор сохранён. Сайт получит только отмеченное.
consent-card-term = Срок
consent-card-term-label = Действует ещё
consent-card-term-save = Изменить срок
consent-card-term-done = Срок согласия изменён.
consent-card-withdraw = Отзыв
consent-card-withdraw-about = После отзыва сайт сразу перестанет получать ваши данные. То, что он уже получил, он обрабатывает по своим правилам.
consent-card-withdraw-open = Отозвать согласие
consent-card-withdraw-sure = Чтобы войти на этот сайт снова, понадобится новое согласие. Отозвать?
consent-card-withdraw-confirm = Да, отозвать
consent-card-withdrawn = Согласие отозвано. Сайту об этом сообщили.

journal-lead = Всё, что происходило с вашей учётной записью и кто это сделал.
journal-kind = Действие
journal-any-kind = Любое
journal-when = Время
journal-action = Что сделано
journal-actor = Кто
journal-subject = Подробности
journal-block = Номер блокировки: { $number }
journal-none = Записей нет
journal-none-text = Здесь появятся действия с учётной записью.
actor-citizen = вы
actor-operator = Центр обслуживания
actor-system = система
actor-unknown = неизвестно кто
action-registered = Создана учётная запись
action-agreement-accepted = Принято соглашение
action-signed-in = Выполнен вход
action-sign-in-failed = Неудачная попытка входа
action-signed-out = Выполнен выход
action-session-ended = Завершён сеанс
action-sessions-ended = Завершены остальные сеансы
action-site-entered = Вход на сайт
action-locked = Вход по паролю заблокирован
action-password-changed = Изменён пароль
action-profile-changed = Изменены личные данные
action-contact-changed = Изменён контакт
action-visit-requested = Получен номер заявки в центр обслуживания
action-visit-opened = Сотрудник центра открыл заявку
action-visit-confirmed = Личность подтверждена в центре обслуживания
action-visit-refused = В подтверждении личности отказано
action-visit-not-found = Заявка не найдена
action-letter-ordered = Заказано письмо с кодом
action-letter-printed = Письмо с кодом напечатано
action-letter-posted = Письмо с кодом отправлено
action-letter-returned = Письмо с кодом вернулось
action-proof-code-printed = Сотрудник центра напечатал код подтверждения
action-proof-code-accepted = Личность подтверждена кодом
action-proof-code-wrong = Введён неверный код подтверждения
action-proof-code-spent = Код подтверждения больше не действует: попытки закончились
action-data-sent = Данные отправлены на проверку
action-data-matched = Данные совпали с реестрами
action-data-mismatch = Данные не совпали с реестрами
action-snils-taken = СНИЛС подтверждён в другой учётной записи
action-snils-claimed = Ваш СНИЛС указали в другой учётной записи
action-level-lowered = Уровень снижен
action-consent-given = Дано согласие
action-consent-changed = Изменено согласие
action-consent-withdrawn = Отозвано согласие
action-consent-ends-soon = Согласие скоро закончится
action-consent-lapsed = Срок согласия истёк

notices-unread = { $count ->
    [0] Новых уведомлений нет
    [one] { $count } новое уведомление
    [few] { $count } новых уведомления
   *[many] { $count } новых уведомлений
  }
notices-read-all = Отметить все прочитанными
notices-read = Отметить прочитанным
notices-read-done = Уведомление отмечено прочитанным.
notices-read-all-done = Все уведомления отмечены прочитанными.
notices-new = новое
notices-none = Уведомлений пока нет
notices-none-text = Мы напишем о входах, смене пароля и согласиях.
