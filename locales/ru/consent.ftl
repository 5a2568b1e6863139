# Согласие на передачу данных и то, что в нём перечислено.

consent-title = Разрешить доступ к вашим данным?
consent-unchecked-anywhere = Это приложение зарегистрировалось само, его никто не проверял. Оно заберёт ваши данные само: куда они попадут, отсюда не видно.
consent-unchecked = Это приложение зарегистрировалось само, его никто не проверял. Данные получит { $place }.
consent-purpose = Зачем:
consent-device = На устройстве показан код
consent-device-beware = Разрешайте, только если видите этот код на устройстве, которое у вас в руках. Если код вам прислали или продиктовали, откажите: под вашим именем вошёл бы другой человек.
consent-asked = Сайт спрашивает сам: с него никто не переходил сюда в этом браузере.
consent-asked-message = Он пишет:
consent-asked-beware = Разрешайте, только если вы прямо сейчас имеете дело с этим сайтом, лично или по телефону, и видите или слышите там те же слова.
consent-optional = (можно не передавать)
consent-term = Срок согласия
consent-as = Вы вошли как
consent-not-you = Это не вы?
consent-details-once = Вы разрешаете именно это. О другом сайт спросит снова.
consent-offline = Сайт сможет получать эти данные и тогда, когда вас на нём нет, до конца срока или до отзыва согласия.
consent-withdraw-note = Согласие можно отозвать в кабинете в любой момент.
consent-policy = Как сайт обрабатывает данные
consent-terms = Условия сайта
consent-allow = Разрешить
consent-deny = Отказать

consent-term-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
  }
consent-term-endless = до отзыва
consent-term-until = до { $date }

site-removed = Удалённое приложение

scope-openid = Постоянный номер для этого сайта
scope-profile = Имя и основные сведения
scope-email = Электронная почта
scope-phone = Телефон
scope-address = Адрес
scope-snils = СНИЛС
scope-assurance = Уровень учётной записи
scope-offline-access = Доступ, когда вас нет на сайте

attribute-subject = Номер
attribute-subject-about = у каждого сайта свой, по нему вас не узнают другие
attribute-name = Имя полностью
attribute-family-name = Фамилия
attribute-given-name = Имя
attribute-middle-name = Отчество
attribute-birth-date = Дата рождения
attribute-sex = Пол
attribute-email = Адрес почты
attribute-email-verified = Почта подтверждена
attribute-phone = Номер телефона
attribute-phone-verified = Телефон подтверждён
attribute-address = Адрес
attribute-snils = Номер СНИЛС
attribute-level = Уровень
attribute-updated = Когда обновлены сведения
attribute-language = Язык
attribute-zone = Часовой пояс
value-yes = да
value-no = нет

level-needed-title = Этому сайту нужен более высокий уровень
level-needed-text = Сайт принимает учётные записи уровня «{ $wanted }», а у вашей уровень «{ $have }». Повысьте уровень – это можно сделать сейчас, потом вы вернётесь сюда.
level-needed-return = Вернуться на сайт
