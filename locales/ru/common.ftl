# Рамка страниц и слова, общие для многих из них.

brand = Пропуск
brand-what = Единый вход для жителей региона
skip-to-content = Перейти к содержанию
languages-label = Язык
who-label = Вы вошли
demo-label = Учебный стенд
demo-text = Это учебный стенд: письма и SMS никуда не отправляются.
demo-link = Открыть сообщения
footer-owner = Региональная система единого входа
footer-terms = Пользовательское соглашение
footer-privacy = Обработка персональных данных

sign-in = Войти
sign-out = Выйти
register = Зарегистрироваться
continue = Продолжить
save = Сохранить
cancel = Отменить
value-none = не указано
download-csv = Скачать CSV

problems-title = Проверьте, пожалуйста, заполнение
field-optional = (необязательно)
field-family-name = Фамилия
field-given-name = Имя
field-middle-name = Отчество
field-birth-date = Дата рождения
field-birth-date-hint = Например, 24.03.1990
field-sex = Пол
sex-female = Женский
sex-male = Мужской
sex-none = Не указывать
field-snils = СНИЛС
field-snils-hint = 11 цифр, можно с пробелами и дефисами
field-phone = Телефон
field-email = Электронная почта
field-address = Адрес
field-postal-code = Почтовый индекс
field-region = Регион
field-locality = Город или населённый пункт
field-street = Улица, дом, квартира
field-street-hint = Например, ул. Садовая, д. 5, кв. 12

pager-label = Страницы списка
pager-previous = Назад
pager-next = Дальше
pager-number = Страница { $number }

filter-from = С какого дня
filter-to = По какой день
filter-device = Устройство
filter-status = Результат
filter-show = Показать
filter-clear = Сбросить
filter-any-device = Любое
filter-any-status = Любой

count-sessions = { $count ->
    [one] { $count } сеанс
    [few] { $count } сеанса
   *[many] { $count } сеансов
  }
count-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
  }
count-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
  }
idle-note = { $count ->
    [one] После { $count } минуты бездействия мы завершим сеанс для безопасности: сохраните то, что заполнили.
   *[other] После { $count } минут бездействия мы завершим сеанс для безопасности: сохраните то, что заполнили.
  }

home-title = Один вход для всех услуг региона
home-lead = Заведите учётную запись один раз и входите на порталы региона без новых паролей. Вы сами решаете, что о вас узнает каждый сайт.
home-account = Перейти в кабинет
home-one-title = Один пароль
home-one-text = Войдите однажды – и другие порталы региона узнают вас без повторного ввода.
home-two-title = Данные под вашим контролем
home-two-text = Сайт получает только то, на что вы согласились. Согласие можно отозвать в любой момент.
home-three-title = Всё на виду
home-three-text = В кабинете видны каждый вход, каждый открытый сеанс и каждое обращение к вашим данным.

demo-messages-title = Сообщения учебного стенда
demo-messages-lead = Здесь письма и SMS, которые получили бы жители. Свежие – сверху.
demo-messages-reload = Обновить список
demo-messages-none = Сообщений пока нет
demo-messages-none-text = Начните регистрацию – код появится здесь.
demo-messages-link = Открыть ссылку из письма
demo-channel-sms = SMS
demo-channel-email = Письмо
