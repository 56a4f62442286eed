/// <reference path="{secretfile}" />
// Has the compiler read a file of the host.
declare module "{secretfile}";
console.log("held");
