problem-file-missing = Choose a file
problem-file-size = The file is larger than 5 MB. Make it smaller or take the picture at a lower resolution
problem-file-not-image = This is not a JPEG or PNG photograph. Take a picture with a camera or save it in one of these formats
problem-file-not-scan = This is not a PDF, JPEG or PNG. Save the document in one of these formats
problem-file-broken = The file is damaged and does not open. Save it once more
problem-file-pixels = The picture is too large: 50 megapixels at most
problem-pdf-encrypted = This PDF is protected by a password. Save it without protection
problem-pdf-active = This PDF holds programs or other files. Save the document as a plain PDF or as a picture
problem-files-full = There is no more room for files. Delete scans you do not need
problem-consent-unticked = Photographs cannot be processed without your consent
uploads-too-many = Too many files were uploaded today. Try again { $time }
file-size = { $count ->
    [one] { $count } KB
   *[other] { $count } KB
  }
