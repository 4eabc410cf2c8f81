"""`GET /`: one HTML page to try the model by hand, and nothing that it would load from elsewhere.

page.html, page.css   what is there before the model is known
elements.js           elements whose data is text
server.js             requests, and what goes wrong with them
bars.js, tags.js,     answers of one kind each
series.js
writing.js, typing.js text that is written; answers after each word
page.js               what is asked and shown
"""
