CREATE TABLE "Person" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "age" INTEGER
);
CREATE TABLE "Note" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT,
    CONSTRAINT "Note_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
