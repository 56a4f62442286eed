package cot

// phrases lists the markers of each class, in lower case and in several
// languages. They count at the beginning of a clause alone.
var phrases = [classes][]string{
	Backtrack: {
		"wait", "hold on", "hang on", "actually", "no,", "no.", "no wait", "no, wait", "nope", "oops", "scratch that", "correction", "on second thought", "my mistake",
		"that's wrong", "that's not right", "that's not correct", "that's incorrect", "that isn't right", "that is wrong", "that is not right", "that is not correct", "that is incorrect",
		"that can't be", "that cannot be", "that doesn't", "this is wrong", "this is not right", "this isn't right", "this can't be", "this is incorrect", "i made a mistake", "i made an error",
		"i was wrong", "i miscalculated", "i think i made", "let me correct", "let me redo", "let me recalculate", "let me recompute", "let me re-calculate", "not quite",
		"warte", "moment mal", "moment,", "halt,", "nein", "das ist falsch", "das stimmt nicht", "eigentlich",
		"attends", "attendez", "en fait", "non,", "c'est faux", "espera", "espere", "un segundo", "en realidad", "no es correcto", "eso no es",
		"подождите", "подожди", "постойте", "погоди", "стоп", "нет,", "на самом деле", "это неверно",
		"等等", "等一下", "等下", "慢着", "不对", "不是", "错了", "其实", "实际上", "待って", "待てよ", "ちょっと待", "いや", "違う", "違います", "実は", "잠깐", "아니",
	},
	Verify: {
		"let me check", "let me verify", "let me double-check", "let me double check", "let me confirm", "let me recheck", "let me re-check", "let me make sure", "let me just check",
		"let me just verify", "let me test", "let's check", "let's verify", "let's double-check", "let's double check", "let's confirm", "to verify", "to check", "to double-check", "to confirm",
		"double-check", "double check", "checking", "verifying", "just to be sure", "just to make sure", "i should check", "i should verify", "i should double-check",
		"lass mich prüfen", "prüfen wir", "überprüfen wir", "zur kontrolle", "zur probe", "vérifions", "je vérifie", "pour vérifier",
		"verifiquemos", "comprobemos", "revisemos", "vamos a verificar", "para verificar", "проверим", "перепроверим", "давайте проверим", "давай проверим", "проверка",
		"验证", "检查", "检验", "核对", "再检查", "再验证", "让我检查", "让我验证", "我来验证", "让我再", "確認", "検算", "確かめ", "확인",
	},
	Switch: {
		"alternatively", "another approach", "another way", "another method", "another idea", "a different approach", "a different way", "let me try", "let's try", "instead,",
		"maybe another", "perhaps another", "is there another", "let me think differently", "let me approach", "let me consider another", "let's consider another",
		"alternativ", "ein anderer ansatz", "ein anderer weg", "anderer ansatz", "alternativement", "une autre approche", "une autre méthode", "autre approche", "essayons",
		"alternativamente", "otra forma", "otra manera", "otro enfoque", "otro método", "probemos", "intentemos", "другой способ", "другой подход", "попробуем", "давайте попробуем", "альтернативно",
		"另一种", "另外一种", "另一个", "换一种", "换个", "换一个", "或者", "別の", "他の方法", "あるいは", "代わりに", "다른 방법",
	},
	Aha: {
		"aha", "ah,", "ah!", "oh,", "oh!", "i see", "got it", "eureka", "of course", "that's it", "ach so", "ah so", "je vois", "ajá", "ya veo", "ага", "понятно", "а, понял",
		"啊", "原来", "我明白了", "我懂了", "对了", "なるほど", "わかった", "分かった", "そうか", "아하",
	},
	Hedge: {
		"maybe", "perhaps", "possibly", "probably", "presumably", "i think", "i guess", "i suppose", "i believe", "i'm not sure", "i am not sure", "not sure", "it seems", "it might",
		"vielleicht", "möglicherweise", "wahrscheinlich", "vermutlich", "ich glaube", "ich denke", "peut-être", "probablement", "je pense", "je crois", "il semble",
		"quizás", "quizá", "tal vez", "probablemente", "posiblemente", "creo que", "parece que", "возможно", "может быть", "наверное", "вероятно", "кажется", "думаю",
		"可能", "也许", "或许", "大概", "似乎", "好像", "我想", "我觉得", "たぶん", "おそらく", "もしかし", "아마",
	},
}

// notAfter are the words after which a marker is none: "wait time", "wait for".
var notAfter = map[string]map[string]bool{
	"wait": set("time times for until till to in on at list lists staff there here period room up outside longer too"),
}

// goesOn are the beginnings of what follows a marker and makes it something else:
// "No. 5", "that doesn't matter", 可能性.
var goesOn = map[string][]string{
	"no.":          {" of ", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", " 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8", " 9"},
	"that doesn't": {" matter", " change", " affect"},
	"correction":   {" factor", " term"},
	"可能":           {"的", "性"},
	"不是":           {"吗"},
}

// connectives may stand before a marker in its clause: "but wait", "hmm, maybe".
var connectives = set("so but and oh hmm hm well okay ok or then also now yeah yes ah um uh aber und oder mais et ou donc pero y o entonces а но и или ну")
