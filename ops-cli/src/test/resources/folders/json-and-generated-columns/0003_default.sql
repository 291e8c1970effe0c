UPDATE events SET data = json_set(data, '$.kind', 'other') WHERE data ->> '$.kind' IS NULL;
