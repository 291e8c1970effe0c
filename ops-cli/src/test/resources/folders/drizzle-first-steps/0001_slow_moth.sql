ALTER TABLE `posts` ADD `likes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `posts_account_idx` ON `posts` (`account_id`);
